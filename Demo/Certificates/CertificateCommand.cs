using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Certificates;

/// <summary><c>netloop certificate</c>: a certificate for TLS on the developer's own machine.</summary>
internal static class CertificateCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        var folder = new Option<string>("--out")
        {
            Description = "The folder for the two files; created if it does not exist",
            HelpName = "DIR",
            Required = true,
        };
        var hosts = new Option<string[]>("--host")
        {
            Description = "A further host name or address that the certificate is for; may be repeated",
            HelpName = "HOST",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result => [.. result.Tokens.Select(token => OptionFactory.Try(result, "--host", () => ReadHost(token.Value))!)],
        };
        var command = new NetLoopCommand(
            "certificate",
            "Make a self-signed certificate for localhost, 127.0.0.1 and ::1, valid for a year, to try TLS on this machine",
            "netloop certificate --out certificates                   # netloop.pem and netloop.key",
            "netloop certificate --out certificates --host game.lan   # also for another machine of your network");
        command.Options.Add(folder);
        command.Options.Add(hosts);
        var options = new RunOptions(command, duration: null);
        command.SetAction(parsed =>
        {
            using CommandRun run = options.Begin(parsed);
            try
            {
                (string certificate, string key) = DevelopmentCertificate.Write(parsed.GetValue(folder)!, parsed.GetValue(hosts) ?? []);
                run.Output.WriteLine($"certificate: {certificate}");
                run.Output.WriteLine($"private key: {key}");
                run.Summarize(new CertificateSummary(certificate, key), SummaryJson.Default.CertificateSummary);
                return ExitCode.Success;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new MistakeException($"--out: {failure.Message}");
            }
        });
        return command;
    }

    private static string ReadHost(string text)
    {
        string form = text.Contains(':', StringComparison.Ordinal) ? $"[{text}]:0" : $"{text}:0";
        return text != "*" && NetEndpoint.TryParse(form, out _) ? text : throw new FormatException($"'{text}' is neither a host name nor an IP address.");
    }
}
