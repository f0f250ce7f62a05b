/** What the pages of judging show. Everything that belongs to an item has gone through server/core/judging/visible.ts. */
import type { Confusion } from "../statistics/confusion";
import type { Agreement, PairAgreement } from "../statistics/agreement";
import type { GoldScore } from "../statistics/gold";
import type { Interval } from "../statistics/intervals";
import type { LocalisationScore } from "../statistics/processBench";
import type { DecisionContent } from "../judging/decision";
import type { LabelSchema, SettleAction } from "../judging/labels";
import type { GoldChoice, QueueSource } from "../judging/source";
import type { Shown, Visible } from "../judging/visible";
import type { ArmStrip, VerificationView } from "./attempt";
import type { BranchSampleView, BranchView } from "./branches";

export type QueueSubject = "attempt" | "proposal";
export type ItemState = "open" | "complete" | "settled";

/** A queue in the list of queues. */
export interface QueueCard {
  id: string;
  name: string;
  subject: QueueSubject;
  judges: number;
  blind: boolean;
  hideProposal: boolean;
  hideOutcomes: boolean;
  createdBy: string;
  createdAt: Date;
  closedAt: Date | null;
  items: number;
  /** Items with all of their votes. */
  complete: number;
  /** Votes given, and votes asked for (items × judges). */
  votes: number;
  votesWanted: number;
  /** Complete items on which judges differ and nobody has settled. */
  differing: number;
  /** People who hold an item just now. */
  atWork: number;
  /** Of the person who asks: votes given, and items still to do for them (0 for nobody). */
  mine: { votes: number; left: number };
}

export interface QueueView extends QueueCard {
  study: { id: string; name: string };
  instructions: string;
  schema: LabelSchema;
  /** Why the labels cannot be changed any more; null while they can. */
  frozen: string | null;
  leaseSeconds: number;
  /** How its items were chosen; null for judges of a queue that hides something (it tells: "only wrong ones"). */
  source: QueueSource | null;
  gold: GoldChoice | null;
}

/** What a filter would make, before a queue is made of it. */
export interface QueuePreview {
  /** Attempts or proposals that the filter finds (counted up to a cap). */
  matches: number;
  more: boolean;
  /** Items that the queue would have, gold among them; its problems. */
  items: number;
  problems: number;
  gold: number;
  /** Labelled attempts that could serve as gold. */
  goldAvailable: number;
  goldSources: { source: string; attempts: number }[];
  /** What is different from what was asked, for people ("only 3 labelled attempts …"). */
  notes: string[];
}

/** A decision as others read it. */
export interface DecisionView extends DecisionContent {
  id: string;
  person: { id: string; name: string };
  createdAt: Date;
  seconds: number;
  sampled: boolean;
  shown: Shown;
  /** The decision that it takes back. */
  undoesId: string | null;
  /** It is the person's vote now. */
  counts: boolean;
}

export interface SettlementView {
  id: string;
  person: { id: string; name: string };
  /** The judge's decision that was followed; null for a label of its own. */
  decisionId: string | null;
  action: SettleAction;
  reason: string;
  errorType: string;
  firstError: number | null;
  content: string | null;
  location: number | null;
  note: string;
  createdAt: Date;
}

/** The proposal that an item is about, while it may be seen. */
export interface ItemProposal {
  content: string;
  location: number;
  author: string;
  leakEquivalent: boolean;
  leakSubstring: boolean;
}

/** What is hidden before deciding, when outcomes are. */
export interface ItemOutcomes {
  reward: number | null;
  grade: { extracted: string | null; reason: string } | null;
  finishReason: string;
  labels: { source: string; firstError: number | null }[];
  kept: boolean | null;
  strips: ArmStrip[];
  /** Mean reward of fresh continuations after steps 0..T, where it was measured. */
  values: { step: number; samples: number; correct: number }[];
}

/** A draft as it is kept. `body` is the page's own; null: nothing is in the making. */
export interface DraftView {
  body: unknown;
  /** Send it back with the next write. */
  version: number;
  updatedAt: Date;
}

/** One item on its screen. Neither the attempt's id nor its run or model is here: they would tell more than the rule allows. */
export interface ItemView {
  id: string;
  queueId: string;
  /** Place in the queue, from 1. */
  number: number;
  state: ItemState;
  problem: { statement: string; answer: string; reference: string };
  steps: string[];
  visible: Visible;
  /** There is a proposal; whether it is shown says `visible.proposal`. */
  hasProposal: boolean;
  proposal: ItemProposal | null;
  verifications: VerificationView[] | null;
  outcomes: ItemOutcomes | null;
  /** Votes of others; null while they may not be seen. */
  others: DecisionView[] | null;
  /** The person's own vote. */
  mine: DecisionView | null;
  gold: { firstError: number | null; source: string } | null;
  settlement: SettlementView | null;
  /** The person's reservation; null when they hold none. */
  lease: { openedAt: Date; expiresAt: Date } | null;
  /** Others who hold it just now. */
  holders: { name: string; expiresAt: Date }[];
  draft: DraftView | null;
}

/** What there is to do next. */
export interface NextItem {
  item: ItemView | null;
  /**
   * Why there is none: done (nothing left for this person) · taken (others hold what is left; ask again later) · closed;
   * null when there is one.
   */
  why: "done" | "taken" | "closed" | null;
  /** Items still to do for this person, this one and held ones among them. */
  left: number;
}

/** The answer to a decision: one round trip, the next item in it. */
export interface Decided {
  decisionId: string;
  /** It had been kept already (the same clientKey sent again). */
  again: boolean;
  /** What the person may see of the item now. */
  item: { id: string; state: ItemState };
  next: NextItem | null;
}

/** The answer to a heartbeat. */
export interface Beat {
  held: { item: string; expiresAt: Date }[];
  /** Reservations that are gone, and why, for people. */
  lost: { item: string; why: string }[];
}

export interface JudgeProgress {
  person: { id: string; name: string };
  votes: number;
  skips: number;
  undos: number;
  flags: number;
  /** Seconds from shown to decided. */
  medianSeconds: number | null;
  /** Votes in the last hour. */
  lastHour: number;
  lastAt: Date | null;
  /** Items that they could still be asked for. */
  left: number;
  /** What they hold just now: number of the item, since when, until when. */
  holds: { number: number; openedAt: Date; expiresAt: Date }[];
}

export interface QueueProgress {
  items: number;
  complete: number;
  settled: number;
  differing: number;
  votes: number;
  votesWanted: number;
  judges: JudgeProgress[];
  /** Median over all votes. */
  medianSeconds: number | null;
  /** People who voted in the last ten minutes or hold an item. */
  atWork: number;
  /** Votes wanted × median seconds ÷ people at work (at least one); null before the first vote. */
  secondsLeft: number | null;
}

/** One line of the list of an own or everybody's decisions, newest first. */
export interface DecisionLine extends DecisionView {
  item: { id: string; number: number };
}

/** The history of an item, to be replayed: everything that happened to it, oldest first. */
export interface ItemHistory {
  item: ItemView;
  events: (
    | ({ kind: "decision" } & { decision: DecisionView; undone: boolean })
    | ({ kind: "settlement" } & { settlement: SettlementView; replaced: boolean })
  )[];
  /** Some events are not shown yet (the queue is blind and the item is open). */
  hidden: boolean;
}

/** An item on which judges differ (or which was flagged), for adjudication. */
export interface DifferenceView {
  item: ItemView;
  votes: DecisionView[];
  settlement: SettlementView | null;
}

export interface DifferencePage {
  rows: DifferenceView[];
  /** Item number after which the next page begins; null on the last one. */
  next: number | null;
  /** How many are left to settle, and how many are settled. */
  open: number;
  settled: number;
}

export interface PairView extends PairAgreement {
  /** Rows: a; columns: b. */
  confusion: Confusion;
}

/** Agreement in a queue. Raters are people by name; the model's answer is a rater of its own. */
export interface QueueAgreement {
  /** Among people. */
  all: Agreement;
  pairs: PairView[];
  /** Each person with the model (its proposal's step, else the step that most of its samples name). */
  model: PairView[];
  /** The settled or unanimous label against the model. */
  settled: PairView | null;
  /** The model's first errors against people's settled or unanimous labels, as ProcessBench scores them. */
  localisation: { model: LocalisationScore; baseline: LocalisationScore } | null;
  gold: GoldScore[];
  goldItems: number;
  /** Votes left out: in a blind queue, given when others' could have been seen already. */
  notBlind: number;
}

/** A judge's own samples from a correction, as far as they are there (server/core/views/branches.ts). */
export type OwnSamples = Omit<BranchView, "attemptId" | "pipelineId"> & { rows: BranchSampleView[] };

/** What people changed in a study, and what that did to coverage. */
export interface PeopleEffect {
  /** Attempts whose label stands (settled, or all judges agree), by what was said; gold items are left out. */
  judged: number;
  accepted: number;
  rewritten: number;
  moved: number;
  rejected: number;
  noError: number;
  cannotTell: number;
  /** Complete items on which judges differ still. */
  differing: number;
  /** People's versions: sampled as a whole, and under way. */
  sampled: number;
  pending: number;
  /** Versions whose sampling failed, with the reason of one of them, for people; "" when none has. */
  failed: { count: number; reason: string };
  /** Versions that nobody has asked continuations for, with the reason, for people; "" when there are none. */
  unsampled: { count: number; reason: string };
  /**
   * The arm "+ prefix + intervention" over the same problems: with the model's versions alone, and with people's in place of
   * them (a rejected one without a better one counts as none). Null before the first version of people has its samples.
   */
  before: PeopleArm | null;
  after: PeopleArm | null;
  /** after − before over the same problems, bootstrap over problems. */
  coverageDifference: Interval | null;
  accuracyDifference: Interval | null;
  problems: ProblemEffect[];
}

export interface PeopleArm {
  problems: number;
  covered: number;
  samples: number;
  correct: number;
  coverage: Interval | null;
  accuracy: Interval | null;
}

/** One problem that people changed something in. */
export interface ProblemEffect {
  id: string;
  ordinal: number;
  start: string;
  changed: number;
  before: { samples: number; correct: number };
  after: { samples: number; correct: number };
}
