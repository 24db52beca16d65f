/** Declared answers that no check can bring about from outside, each with its reason. An entry that is seen is stale. */

export interface UnreachableStatus {
  operation: string;
  status: string;
  reason: string;
}

export const unreachableStatuses: UnreachableStatus[] = [];
