export type { CampaignFacts, CampaignModel, Failure, FailureCommands } from './campaign-model.ts';
export { type Dashboard, type DashboardStreams, openDashboard } from './open-dashboard.ts';
