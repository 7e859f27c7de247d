/**
 * A process not seen for so long is dead, or paused, seconds: three beats. Its jobs are given to others, its
 * missing numbers of batches are not waited for, and the operator sees it as gone.
 */
export const DEAD_AFTER_SECONDS = 15;
