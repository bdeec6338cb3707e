using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Certificates;

/// <summary>The option <c>--trust</c> of commands that are clients.</summary>
internal sealed class TrustOption
{
    private readonly Option<string?> _file = new("--trust")
    {
        Description = "With tls:// and wss://: trust the certificates in this PEM file instead of the authorities of the operating system",
        HelpName = "FILE",
    };

    /// <summary>Adds the option to a command.</summary>
    public TrustOption(Command command) => command.Options.Add(_file);

    /// <summary>Returns the certificates in the file; null if the option was not given.</summary>
    /// <exception cref="MistakeException">The file cannot be read.</exception>
    public X509Certificate2Collection? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } file)
        {
            return null;
        }

        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots.Count > 0 ? roots : throw new MistakeException($"--trust {file}: the file has no certificate in PEM form");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MistakeException($"--trust {file}: {failure.Message.TrimEnd('.')}");
        }
    }
}
