import type { ReviewShown } from "../../api/client";
import type { Voting } from "./useVoting";

export interface VotePanelProps {
  review: ReviewShown;
  voting: Voting;
}
