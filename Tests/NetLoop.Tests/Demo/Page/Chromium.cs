using Microsoft.Playwright;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

/// <summary>The browser of this machine, without a window; tests that need it are skipped if it is not installed.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        Browser = browser;
    }

    public IBrowser Browser { get; }

    /// <summary>Starts the browser, or skips the test.</summary>
    /// <param name="more">Additional command-line arguments.</param>
    public static async Task<Chromium> StartAsync(params string[] more)
    {
        string? program = Array.Find(Places, File.Exists);
        if (program is null)
        {
            Assert.Ignore("Chromium is not installed");
        }

        IPlaywright playwright = await Playwright.CreateAsync();

        // Only the page may be requested; the browser's own services are at other addresses.
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args =
            [
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                .. more,
            ],
        });
        return new Chromium(playwright, browser);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
