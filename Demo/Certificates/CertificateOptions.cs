using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Certificates;

/// <summary>The options <c>--certificate</c> and <c>--key</c> of commands that are servers.</summary>
internal sealed class CertificateOptions
{
    private readonly Option<string?> _certificate;
    private readonly Option<string?> _key = new("--key")
    {
        Description = "The private key of --certificate, as a PEM file; not needed if the certificate's file has it",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="description">What the certificate is for.</param>
    public CertificateOptions(Command command, string description)
    {
        _certificate = new Option<string?>("--certificate") { Description = description, HelpName = "FILE" };
        command.Options.Add(_certificate);
        command.Options.Add(_key);
    }

    /// <summary>Returns the options that were given; null if none were.</summary>
    /// <exception cref="MistakeException">A file does not exist, or there is a key without a certificate.</exception>
    public TlsServerOptions? Read(ParseResult parsed)
    {
        string? certificate = parsed.GetValue(_certificate);
        string? key = parsed.GetValue(_key);
        if (certificate is null)
        {
            return key is null ? null : throw new MistakeException("--key belongs to a certificate; write --certificate FILE too");
        }

        RequireFile("--certificate", certificate);
        if (key is not null)
        {
            RequireFile("--key", key);
        }

        return new TlsServerOptions { CertificateFile = certificate, KeyFile = key };
    }

    private static void RequireFile(string option, string file)
    {
        if (!File.Exists(file))
        {
            throw new MistakeException($"{option} {file}: there is no such file; 'netloop certificate --out DIR' makes a certificate for this machine");
        }
    }
}
