using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Proxies;

/// <summary>A real nginx or HAProxy with TLS in front of a server, set up as the article on proxies says. A test without the program is skipped.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    /// <summary>The host of the article, for which the certificate is.</summary>
    public const string Host = "game.example";

    private const string Article = "Engine/Docs/articles/how-to/proxy.md";

    // Nothing of this is about NetLoop: where a process without privileges may write, and that it stays in the foreground.
    private const string NginxFrame = """
        daemon off;
        pid DIRECTORY/nginx.pid;
        error_log stderr;
        worker_processes 1;
        events { }
        http {
        access_log off;
        client_body_temp_path DIRECTORY/body;
        proxy_temp_path DIRECTORY/proxy;
        fastcgi_temp_path DIRECTORY/fastcgi;
        uwsgi_temp_path DIRECTORY/uwsgi;
        scgi_temp_path DIRECTORY/scgi;
        ARTICLE
        }
        """;

    private const string NginxTcpFrame = """
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        pid DIRECTORY/nginx.pid;
        error_log stderr;
        worker_processes 1;
        events { }
        ARTICLE
        """;

    private const string HAProxyFrame = """
        global
            stats socket DIRECTORY/admin.sock mode 600 level admin
        ARTICLE
        """;

    private readonly string _directory;
    private readonly ChildProcess _process;

    private ReverseProxy(string directory, ChildProcess process, int port)
    {
        _directory = directory;
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens, on 127.0.0.1: with TLS, or for TCP.</summary>
    public int Port { get; }

    /// <summary>The file with the certificate, which is its own authority.</summary>
    public string CertificateFile => $"{_directory}/{Host}.pem";

    /// <summary>Starts nginx.</summary>
    /// <param name="server">The port of the server behind it.</param>
    /// <param name="change">Changes the article's configuration; null leaves it.</param>
    public static Task<ReverseProxy> StartNginxAsync(int server, Func<string, string>? change = null) =>
        StartAsync("/usr/sbin/nginx", "nginx", NginxFrame, server, change, directory => ["-p", directory, "-c", $"{directory}/proxy.conf"]);

    /// <summary>Starts HAProxy.</summary>
    /// <inheritdoc cref="StartNginxAsync"/>
    public static Task<ReverseProxy> StartHAProxyAsync(int server, Func<string, string>? change = null) =>
        StartAsync("/usr/sbin/haproxy", "haproxy", HAProxyFrame, server, change, directory => ["-db", "-f", $"{directory}/proxy.conf"]);

    /// <summary>Starts nginx as a load balancer for TCP.</summary>
    /// <inheritdoc cref="StartNginxAsync"/>
    public static Task<ReverseProxy> StartNginxTcpAsync(int server, Func<string, string>? change = null)
    {
        if (!File.Exists("/usr/lib/nginx/modules/ngx_stream_module.so"))
        {
            Assert.Ignore("the stream module of nginx is not installed");
        }

        return StartAsync("/usr/sbin/nginx", "nginx tcp", NginxTcpFrame, server, change, directory => ["-p", directory, "-c", $"{directory}/proxy.conf"]);
    }

    /// <summary>Starts HAProxy as a load balancer for TCP.</summary>
    /// <inheritdoc cref="StartNginxAsync"/>
    public static Task<ReverseProxy> StartHAProxyTcpAsync(int server, Func<string, string>? change = null) =>
        StartAsync("/usr/sbin/haproxy", "haproxy tcp", "ARTICLE", server, change, directory => ["-db", "-f", $"{directory}/proxy.conf"]);

    /// <summary>
    /// The column of HAProxy's statistics that has a value for the server behind it, such as status or check_status. Empty while HAProxy, which listens for its
    /// clients first, has not opened the socket of its statistics.
    /// </summary>
    public string Statistic(string column)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint($"{_directory}/admin.sock"));
        }
        catch (SocketException)
        {
            return "";
        }

        using var stream = new NetworkStream(socket);
        stream.Write("show stat game 4 -1\n"u8);
        string[] lines = new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines[1].Split(',')[Array.IndexOf(lines[0].TrimStart('#', ' ').Split(','), column)];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.SignalAsync("TERM");
        await _process.EndAsync();
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<ReverseProxy> StartAsync(
        string program, string language, string frame, int server, Func<string, string>? change, Func<string, string[]> arguments)
    {
        if (!File.Exists(program))
        {
            Assert.Ignore($"{program} is not installed");
        }

        string directory = Directory.CreateTempSubdirectory("netloop-").FullName;
        WriteCertificate(directory);
        int port = FreePort.Find();
        string article = Block(language)
            .Replace("listen 443 ", $"listen 127.0.0.1:{port} ", StringComparison.Ordinal)
            .Replace("bind :443 ", $"bind 127.0.0.1:{port} ", StringComparison.Ordinal)
            .Replace("127.0.0.1:7780", $"127.0.0.1:{server}", StringComparison.Ordinal)
            .Replace("127.0.0.1:7777", $"127.0.0.1:{server}", StringComparison.Ordinal)
            .Replace("bind :7777", $"bind 127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("listen 7777;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("/etc/ssl/", $"{directory}/", StringComparison.Ordinal);
        string configuration = frame
            .Replace("DIRECTORY", directory, StringComparison.Ordinal)
            .Replace("ARTICLE", change?.Invoke(article) ?? article, StringComparison.Ordinal);
        await File.WriteAllTextAsync($"{directory}/proxy.conf", configuration + "\n");
        var proxy = new ReverseProxy(directory, ChildProcess.Start(program, arguments(directory)), port);
        await proxy.ListensAsync();
        return proxy;
    }

    /// <summary>The article's only block in a language.</summary>
    private static string Block(string language)
    {
        string[] parts = File.ReadAllText(Path.Combine(Repository.Root, Article)).Split($"```{language}\n");
        Assert.That(parts, Has.Length.EqualTo(2), $"{Article} has one block of {language}");
        return parts[1][..parts[1].IndexOf("```", StringComparison.Ordinal)];
    }

    private static void WriteCertificate(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string pem = certificate.ExportCertificatePem() + "\n";
        string keyPem = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText($"{directory}/{Host}.pem", pem);
        File.WriteAllText($"{directory}/{Host}.key", keyPem);
        File.WriteAllText($"{directory}/{Host}.both.pem", pem + keyPem);
    }

    private async Task ListensAsync()
    {
        using var deadline = new CancellationTokenSource(ChildProcess.Deadline);
        Task<ProcessResult> end = _process.EndedAsync();
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", Port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                Assert.That(end.IsCompleted, Is.False, () => $"the proxy has ended: {end.Result}");
                await Task.Yield();
            }
        }
    }
}
