/** Declared answers that no check can bring about from outside, each with its reason. An entry that is seen is stale. */

export interface UnreachableStatus {
  /** operationId. */
  operation: string;
  status: string;
  /** Why, as a sentence. */
  reason: string;
}

/** None at present: what the real APIs would never be brought to, the fake's control API brings about. */
export const unreachableStatuses: UnreachableStatus[] = [];
