export declare const PANEL_FOLDER: string;
export declare const FINGERPRINT_FILE: string;
export declare function panelFingerprint(root: string): string;
export declare function isPanelCurrent(root: string): boolean;
