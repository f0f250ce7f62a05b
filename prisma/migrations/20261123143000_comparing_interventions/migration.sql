-- Length of interventions.
ALTER TABLE "proposal" ADD COLUMN     "tokens" INTEGER NOT NULL DEFAULT 0;
