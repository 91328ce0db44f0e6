using PuppeteerSharp;

namespace PSConvNet.Tests.Pages;

/// <summary>One Chromium for all tests that need a browser; none where it is not installed.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Collection = "a browser";

    private static readonly string[] s_places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Array.Find(s_places, File.Exists) is not { } program)
            return;
        _browser = await Puppeteer.LaunchAsync(
            new LaunchOptions
            {
                ExecutablePath = program,
                // Nothing but our own pages is opened, and in a container there is no user whom the sandbox could be of.
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    /// <summary>A tab of its own; the test that asks is skipped where there is no browser.</summary>
    public async Task<IPage> OpenAsync()
    {
        Skip.If(_browser is null, "Chromium is not installed (Debian: chromium)");
        return await _browser!.NewPageAsync();
    }
}

[CollectionDefinition(BrowserFixture.Collection)]
public sealed class UsesBrowser : ICollectionFixture<BrowserFixture>;
