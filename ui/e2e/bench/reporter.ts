// Lets the figures through and nothing else; what goes wrong stands on standard error.
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class Figures implements Reporter {
  onStdOut(chunk: string | Buffer) {
    process.stdout.write(chunk);
  }

  onTestEnd(test: TestCase, result: TestResult) {
    for (const { message } of result.errors) process.stderr.write(`${test.title}: ${message}\n`);
  }

  onEnd(result: FullResult) {
    process.stderr.write(`${result.status}\n`);
  }

  printsToStdio() {
    return true;
  }
}
