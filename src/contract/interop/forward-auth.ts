import { Type } from "typebox";

export const ForwardAuthQuery = Type.Object(
  {
    app: Type.String({ minLength: 1, maxLength: 64, description: "The app's id." }),
    action: Type.String({ minLength: 3, maxLength: 81, description: "A permission, `area:verb`." }),
  },
  { additionalProperties: false },
);
