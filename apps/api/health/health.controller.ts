import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { API_DEPENDENCIES } from '../api-dependencies.token.js';
import type { ApiDependencies } from '../api-dependencies.js';

@Controller()
export class HealthController {
  constructor(@Inject(API_DEPENDENCIES) private readonly deps: ApiDependencies) {}

  /** The process answers; restarting it would mend nothing that `ready` complains of. */
  @Get('health/live')
  @Header('cache-control', 'no-store')
  live() {
    return { ok: true };
  }

  /** Everything that requests need is there: 503 with what is missing until then. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const health = await this.deps.health.ready();
    void reply.code(health.ok ? 200 : 503).header('cache-control', 'no-store');
    if (!health.ok) void reply.header('retry-after', '5');
    return health;
  }

  @Get('version')
  @Header('cache-control', 'no-store')
  version() {
    return { version: this.deps.config.version };
  }
}
