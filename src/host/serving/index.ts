export { HttpServer, problemResponse } from './http-server.ts';
export { MeteredTelemetry } from './metered-telemetry.ts';
