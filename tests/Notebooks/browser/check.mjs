// Opens the tutorial in Jupyter Notebook in Chromium and does what a reader does: chooses the kernel, runs all cells, looks at digits,
// curves and the moving progress bar, and presses stop during a training.
//
//   apt-get install jupyter-notebook chromium; npm install; node check.mjs <folder for screenshots>
//
// The kernel has to be registered (Register-NotebookKernel), and PSCONVNET_DATA to name the folder of the data. Not part of CI.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const shots = resolve(process.argv[2] ?? "screenshots");
mkdirSync(shots, { recursive: true });
const notebooks = resolve(import.meta.dirname ?? ".", "../../../notebooks");
const folder = mkdtempSync(join(tmpdir(), "psconvnet-browser-"));

function prepare(name, changes) {
  const notebook = JSON.parse(readFileSync(join(notebooks, "mnist-convnet.ipynb")));
  const cell = notebook.cells.find((c) => c.metadata.tags?.includes("parameters"));
  cell.source = Object.entries(changes).map(([key, value]) => `$${key} = ${value}\n`);
  for (const c of notebook.cells) if (c.cell_type === "code") [c.outputs, c.execution_count] = [[], null];
  writeFileSync(join(folder, name), JSON.stringify(notebook));
}

// Long enough that the progress bar is seen to move, and the stop to matter.
prepare("tutorial.ipynb", { images: 6000, epochs: 3, playImages: 500, playEpochs: 1 });
prepare("stopped.ipynb", { images: 60000, epochs: 200, playImages: 500, playEpochs: 1 });

const server = spawn(
  "jupyter-notebook",
  ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=18888", "--NotebookApp.token=t", `--notebook-dir=${folder}`],
  { stdio: ["ignore", "ignore", "pipe"] },
);
const ready = new Promise((done, fail) => {
  server.stderr.on("data", (text) => String(text).includes("is running at") && done());
  server.on("exit", () => fail(new Error("jupyter-notebook ended")));
});

function check(condition, what) {
  console.log(`${condition ? "seen" : "NOT SEEN"}: ${what}`);
  if (!condition) process.exitCode = 1;
}

async function open(browser, name) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  await page.goto(`http://127.0.0.1:18888/notebooks/${name}?token=t`);
  // The notebook names Polyglot's kernel, which is not installed here: Jupyter takes the one whose language is PowerShell.
  await page.waitForFunction(() => window.Jupyter?.notebook?.kernel?.is_connected(), null, { timeout: 60_000 });
  const kernel = await page.locator("#kernel_indicator .kernel_indicator_name").innerText();
  check(kernel === "PowerShell (PSConvNet)", `the kernel is ${kernel}`);
  return page;
}

const isIdle = () => !Jupyter.notebook.kernel_busy && Jupyter.notebook.get_cells().every((c) => c.cell_type !== "code" || c.input_prompt_number !== "*");
const cellWith = (page, text) => page.locator(".cell.code_cell", { hasText: text }).first();

try {
  await ready;
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

  const page = await open(browser, "tutorial.ipynb");
  await page.evaluate(() => Jupyter.notebook.execute_all_cells());
  const training = cellWith(page, "$convRun = $conv | Invoke-Training");
  const seen = new Set();
  for (let i = 0; i < 600 && !(await training.locator("table").count()); i++) {
    const bars = await training.locator("progress").evaluateAll((all) => all.map((bar) => bar.value));
    for (const value of bars) seen.add(value);
    if (seen.size === 12) {
      await training.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(shots, "training.png") });
    }
    await page.waitForTimeout(150);
  }
  check(seen.size > 3, `the progress bar moves while it trains (${seen.size} positions)`);
  await page.waitForFunction(isIdle, null, { timeout: 600_000 });
  const pictures = await page.locator(".output_area img").evaluateAll((all) => all.map((img) => [img.naturalWidth, img.width, img.alt]));
  check(pictures.length >= 10 && pictures.every(([natural]) => natural > 100), `${pictures.length} pictures`);
  const errors = await page.locator(".output_error").count();
  check(errors === 0, "no cell failed");
  for (const [name, text] of [
    ["digits", "Show-Image $mnist -Count 30"],
    ["curves", "$convRun, $denseRun | Show-TrainingCurve"],
    ["maps", "Show-Activation"],
    ["summary", "Get-ModelSummary"],
    ["mistakes", "-Model $conv -Wrong"],
  ]) {
    const cell = cellWith(page, text);
    await cell.scrollIntoViewIfNeeded();
    await cell.screenshot({ path: join(shots, `${name}.png`) });
  }

  const other = await open(browser, "stopped.ipynb");
  const long = cellWith(other, "$convRun = $conv | Invoke-Training");
  await other.evaluate(() => Jupyter.notebook.execute_all_cells());
  await long.locator("progress").first().waitFor({ timeout: 120_000 });
  await other.waitForTimeout(2000);
  const pressed = Date.now();
  await other.locator("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").click();
  await other.waitForFunction(isIdle, null, { timeout: 60_000 });
  const seconds = (Date.now() - pressed) / 1000;
  await long.scrollIntoViewIfNeeded();
  await other.screenshot({ path: join(shots, "stopped.png") });
  check(seconds < 10, `stop ends a training of 200 epochs (${seconds.toFixed(1)} s after it was pressed)`);
  const state = other.evaluate(() =>
    new Promise((done) => Jupyter.notebook.kernel.execute("'still ' + 'here'", { iopub: { output: (m) => done(JSON.stringify(m.content)) } }, { silent: false })),
  );
  check((await state).includes("still here"), "the kernel goes on after it");
  await browser.close();
} finally {
  server.kill("SIGINT");
  setTimeout(() => server.kill("SIGKILL"), 3000).unref();
}
