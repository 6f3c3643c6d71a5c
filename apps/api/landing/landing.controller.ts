import { Controller, Get, Header, Inject } from '@nestjs/common';
import { API_DEPENDENCIES } from '../api-dependencies.token.js';
import type { ApiDependencies } from '../api-dependencies.js';
import { landingPage } from './landing-page.js';

@Controller()
export class LandingController {
  constructor(@Inject(API_DEPENDENCIES) private readonly deps: ApiDependencies) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  )
  @Header('cache-control', 'no-cache')
  landing(): string {
    return landingPage(this.deps.config);
  }
}
