using System.Globalization;
using System.Text;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>The parts of the Python client's Hello.</summary>
[Parallelizable]
public sealed class PythonClientTests
{
    [TestCase("open sesame", null, "session ")]
    [TestCase("open sesame", "right", "session ")]
    [TestCase("open sesame", "0x1", "error 7: The contracts differ")]
    [TestCase("wrong", "right", "error 5: who are you?")]
    [TestCase(null, "right", "error 5: who are you?")]
    public async Task Hello_TokenAndFingerprint_AreChecked(string? token, string? fingerprint, string expected)
    {
        Python.Require();
        await using NetServer server = NetServer.Create(o =>
        {
            o.ListenTcp("127.0.0.1", 0);
            o.ContractFingerprint = NetContracts.Fingerprint;
            o.Authenticate = (request, _) => ValueTask.FromResult(
                Encoding.UTF8.GetString(request.Token.Span) == "open sesame" ? AuthenticationResult.Accept() : AuthenticationResult.Reject("who are you?"));
        });
        server.Start();
        List<string> arguments = [$"tcp://127.0.0.1:{server.Endpoints[0].Port}"];
        if (token is not null)
        {
            arguments.AddRange(["--token", token]);
        }

        if (fingerprint is not null)
        {
            string hash = "0x" + NetContracts.Fingerprint.ToString("x16", CultureInfo.InvariantCulture);
            arguments.AddRange(["--fingerprint", fingerprint == "right" ? hash : fingerprint]);
        }

        await using ChildProcess client = Python.Client([.. arguments]);
        ProcessResult result = await client.EndAsync();
        Assert.That(string.Join('\n', result.Output) + result.Errors, Does.Contain(expected));
        Assert.That(result.ExitCode, Is.EqualTo(expected == "session " ? 0 : 1));
    }
}
