using System.Net;
using System.Text.RegularExpressions;
using NetLoop.Demo.Page;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
[Parallelizable]
public sealed class PageHostTests
{
    private static readonly NetEndpoint AnyPort = NetEndpoint.Tcp("127.0.0.1", 0);

    [TestCase("127.0.0.1:PORT", HttpStatusCode.OK)]
    [TestCase("localhost:PORT", HttpStatusCode.OK)]
    [TestCase("LOCALHOST:PORT", HttpStatusCode.OK)]
    [TestCase("[::1]:PORT", HttpStatusCode.OK)]
    [TestCase("game.example", HttpStatusCode.OK)]
    [TestCase("evil.example", HttpStatusCode.MisdirectedRequest)]
    [TestCase("evil.example:PORT", HttpStatusCode.MisdirectedRequest)]
    [TestCase("127.0.0.1.evil.example:PORT", HttpStatusCode.MisdirectedRequest)]
    [TestCase("127.0.0.1:1", HttpStatusCode.MisdirectedRequest)]
    [TestCase("0.0.0.0:PORT", HttpStatusCode.MisdirectedRequest)]
    [TestCase("game.example:8443", HttpStatusCode.MisdirectedRequest)]
    public async Task Get_Host_IsServedOnlyWhenItIsThePages(string host, HttpStatusCode status)
    {
        await using PageHost page = await PageHost.StartAsync(new PageSettings(AnyPort, AnyPort, ["https://game.example"], ControlFromAnywhere: false));
        page.Show(webSocketPort: 7780, () => default, () => "");
        using var client = new HttpClient();
        foreach (string path in (string[])["/", "/metrics.json", "/metrics", "/config.json", "/source/README.md"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, page.Address + path);
            request.Headers.Host = host.Replace("PORT", $"{new Uri(page.Address).Port}", StringComparison.Ordinal);
            using HttpResponseMessage response = await client.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            Assert.That(response.StatusCode, Is.EqualTo(status), path);
            if (status != HttpStatusCode.OK)
            {
                Assert.That(text, Is.EqualTo($"This page is at {page.Address}; the option --origin names other addresses that lead to it.\n"));
            }
        }
    }

    [TestCase("/", "text/html")]
    [TestCase("/main.js", "text/javascript")]
    [TestCase("/metrics.json", "application/json")]
    [TestCase("/metrics", "text/plain")]
    public async Task Head_Path_IsAnsweredAsGetWithoutContent(string path, string type)
    {
        await using PageHost page = await PageHost.StartAsync(new PageSettings(AnyPort, AnyPort, [], ControlFromAnywhere: false));
        page.Show(webSocketPort: 7780, () => default, () => "netloop_ticks_total 1\n");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, page.Address + path);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(type));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Get_EveryLocalLinkOfThePage_IsServed()
    {
        await using PageHost page = await PageHost.StartAsync(new PageSettings(AnyPort, AnyPort, [], ControlFromAnywhere: false));
        page.Show(webSocketPort: 7780, () => default, () => "");
        using var client = new HttpClient();
        string html = await client.GetStringAsync(page.Address + "/");
        string[] links = [.. Regex.Matches(html, "(?:href|src)=\"([^\"#]+)\"").Select(match => match.Groups[1].Value).Distinct()];
        Assert.That(links, Has.Member("source/Demo/Arena/ArenaModule.cs").And.Member("metrics"));
        foreach (string link in links)
        {
            using HttpResponseMessage response = await client.GetAsync($"{page.Address}/{link}");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), link);
        }
    }

    [Test]
    public async Task Get_BeforeTheServerHasStarted_Is503()
    {
        await using PageHost page = await PageHost.StartAsync(new PageSettings(AnyPort, AnyPort, [], ControlFromAnywhere: false));
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(page.Address + "/config.json");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Address_OnEveryAddress_IsOneThatIsServed()
    {
        await using PageHost page = await PageHost.StartAsync(new PageSettings(NetEndpoint.Tcp("0.0.0.0", 0), AnyPort, [], ControlFromAnywhere: false));
        page.Show(webSocketPort: 7780, () => default, () => "");
        Assert.That(page.Address, Does.StartWith("http://127.0.0.1:"));
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(page.Address + "/config.json");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("127.0.0.1:7778", "http://127.0.0.1:7778 http://localhost:7778 http://[::1]:7778")]
    [TestCase("192.0.2.7:80", "http://127.0.0.1 http://localhost http://[::1] http://192.0.2.7")]
    [TestCase("[2001:db8::1]:7778", "http://127.0.0.1:7778 http://localhost:7778 http://[::1]:7778 http://[2001:db8::1]:7778")]
    public void Of_Page_IsLoopbackAndWhereItIsServed(string page, string origins) =>
        Assert.That(PageOrigins.Of(NetEndpoint.Parse(page), isEncrypted: false, []), Is.EqualTo(origins.Split(' ')));

    [Test]
    public void Of_PageOnEveryAddress_IsEveryAddressOfThisMachine()
    {
        IReadOnlyList<string> origins = PageOrigins.Of(NetEndpoint.Tcp("0.0.0.0", 7778), isEncrypted: false, ["https://game.example"]);
        Assert.That(origins, Has.Member("http://127.0.0.1:7778").And.Member($"http://{Dns.GetHostName()}:7778").And.Member("https://game.example"));
        Assert.That(origins, Has.None.Contains("0.0.0.0"));
    }

    [TestCase("https://game.example", "https://game.example")]
    [TestCase("https://GAME.example:443/", "https://game.example")]
    [TestCase("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    public void Read_Origin_IsAsBrowsersSendIt(string text, string origin) => Assert.That(PageOrigins.Read(text), Is.EqualTo(origin));

    [TestCase("game.example")]
    [TestCase("ftp://game.example")]
    [TestCase("https://game.example/path")]
    [TestCase("https://user@game.example")]
    [TestCase("https://game.example/?q")]
    [TestCase("null")]
    public void Read_NoOrigin_SaysWhatToWrite(string text) =>
        Assert.That(() => PageOrigins.Read(text), Throws.TypeOf<FormatException>().With.Message.Contains("https://game.example"));
}
