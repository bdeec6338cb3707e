using NetLoop.Demo.CommandLine;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.CommandLine;

/// <summary>After a person's mistake, the program prints one line that says what to do, and exits with code 2.</summary>
[TestFixture]
[Parallelizable]
public sealed class MistakeTests
{
    [TestCase("from 1 to 60000", "--bots=x")]
    [TestCase("'--frobnicate'", "--frobnicate")]
    [TestCase("'frobnicate'", "frobnicate")]
    [TestCase("did you mean 'server'?", "servr")]
    [TestCase("did you mean '--tcp'?", "server", "--tpc", "127.0.0.1:0")]
    [TestCase("'--duration' is not a command or option", "contracts", "check", "--assembly", "x.dll", "--duration", "1s")]
    [TestCase("say which: server, client", "classic")]
    [TestCase("from 1 to 1000", "server", "--tick-rate", "0")]
    [TestCase("for example 500ms or 10s", "server", "--duration", "10")]
    [TestCase("write a number from 0 to 65535", "server", "--tcp", "127.0.0.1:99999")]
    [TestCase("'exa..mple' is neither an IP address nor a host name", "echo", "--tcp", "exa..mple:80")]
    [TestCase("write HOST:PORT", "bots", "--connect", "nowhere")]
    [TestCase("'--connect' is required", "bots")]
    [TestCase("epoll|poll|select", "echo", "--poller", "kqueue")]
    [TestCase("for example https://game.example", "server", "--ws", "127.0.0.1:0", "--origin", "game.example")]
    [TestCase("write --ws HOST:PORT too", "server", "--origin", "https://game.example")]
    [TestCase("--no-page goes with none of", "demo", "--no-page", "--origin", "https://game.example")]
    [TestCase("connected|always|saving", "echo", "--tick-precision", "high")]
    [TestCase("from 0 to 10000", "server", "--spin", "1s")]
    [TestCase("required|none", "echo", "--hello", "maybe")]
    [TestCase("from 1 to 1024", "load", "--connect", "tcp://127.0.0.1:7777", "--in-flight", "0")]
    [TestCase("neither 0 nor from 8 to 60000", "load", "--connect", "tcp://127.0.0.1:7777", "--size", "3")]
    [TestCase("write --kill --yes", "port", "7777", "--yes")]
    [TestCase("from 1 to 65535", "port", "0")]
    [TestCase("from 0% to 100%, for example 5% or 0.1%", "relay", "--listen", "0", "--to", "7777", "--loss", "5")]
    [TestCase("--loss '101%' is not a share", "relay", "--listen", "0", "--to", "7777", "--loss", "101%")]
    [TestCase("'--to' is required", "relay", "--listen", "0")]
    [TestCase("--to: write an IP address and the port", "relay", "--listen", "0", "--to", "game.example:7777")]
    [TestCase("both|to-server|to-client", "relay", "--listen", "0", "--to", "7777", "--direction", "up")]
    [TestCase("write one --udp HOST:PORT too", "server", "--udp-public", "203.0.113.7:7777")]
    [TestCase("--udp-public: a connect token has room for IP addresses", "server", "--udp", "127.0.0.1:0", "--udp-public", "game.example:7777")]
    [TestCase("'--frobnicate'", "port", "--frobnicate", "1")]
    [TestCase("for example 42 or 0x2a", "sim", "--seed", "x")]
    [TestCase("for example 1..1000", "sim", "--seeds", "9..1")]
    [TestCase("which names no fault", "sim", "--faults", "all,-gravity")]
    [TestCase("swarm|dense|idle|storm|attack|overload|threads|features|udp|datagrams|links|canary", "sim", "--world", "flat")]
    [TestCase("has 'loss=2'", "sim", "--world", "links", "--link", "loss=2")]
    [TestCase("write --world links with them", "sim", "--messages", "5")]
    [TestCase("write one of them", "sim", "--seed", "1", "--seeds", "1..2")]
    [TestCase("--budget '10y' is not a duration", "sim", "--budget", "10y")]
    [TestCase("write --seed N with it", "sim", "--seeds", "1..2", "--trace", "t")]
    [TestCase("from 1 to 256", "sim", "--jobs", "0")]
    [TestCase("cannot be written", "sim", "--seed", "1", "--trace", "/missing/t")]
    public async Task Mistake_OfAnyKind_IsOneLineAndExitCode2(string expected, params string[] arguments)
    {
        using var errors = new StringWriter();

        int exitCode = await NetLoopProgram.RunAsync(arguments, errors);

        Assert.That(exitCode, Is.EqualTo(2), errors.ToString());
        Assert.That(errors.ToString(), Does.StartWith("netloop: ").And.Contain(expected));
        Assert.That(errors.ToString().TrimEnd(), Does.Not.Contain("\n"));
    }

    [Test]
    public async Task UnixPath_TooLong_SaysHowLongItMayBeAndPrintsNothingElse()
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync("server", "--unix", "/tmp/" + new string('x', 120));

        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("may have 107 bytes").And.Contain("has 125"));
    }
}
