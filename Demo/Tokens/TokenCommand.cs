using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Tokens;

/// <summary><c>netloop token</c>: makes what clients need to connect over UDP, as a game's login service would.</summary>
internal static class TokenCommand
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(30);

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        var key = new Option<string>("--key")
        {
            Description = "The file with the key that the servers have too (--udp-key); created if it does not exist",
            HelpName = "FILE",
            Required = true,
        };
        Option<NetEndpoint[]> servers = Addresses.ManyUdp(
            "--server",
            "An address of the server, as clients reach it; may be repeated: a client connects to the one after its --connect");
        var client = new Option<ulong?>("--client-id")
        {
            Description = "The client's number; whoever connects with the number of a connected client takes its place [default: random]",
            HelpName = "N",
            CustomParser = result => ulong.TryParse(OptionFactory.Text(result), out ulong number)
                ? number
                : OptionFactory.Wrong<ulong?>(result, "--client-id", $"is not a whole number from 0 to {ulong.MaxValue}"),
        };
        var userData = new Option<string?>("--user-data")
        {
            Description = $"A text for the server's authenticator, as UTF-8, at most {ConnectToken.MaxUserDataBytes} bytes; the client cannot read it",
            HelpName = "TEXT",
        };
        Option<TimeSpan?> lifetime = OptionFactory.Duration("--lifetime", "How long the token can be used, from 1s to 1h [default: 30s]");
        var file = new Option<string>("--out") { Description = "The file for the token; it is replaced if it exists", HelpName = "FILE" };
        var command = new NetLoopCommand(
            "token",
            "Make a connect token, with which one client can connect once over UDP to a server that has the same key",
            "netloop token --key udp.key                                                     # only makes the key",
            "netloop server --udp 127.0.0.1:7777 --udp-key udp.key                           # a server that accepts tokens made with it",
            "netloop token --key udp.key --server 127.0.0.1:7777 --out ana.token             # a token, valid for 30 seconds",
            "netloop client --connect udp://127.0.0.1:7777 --connect-token ana.token         # connects with it");
        command.Options.Add(key);
        command.Options.Add(servers);
        command.Options.Add(client);
        command.Options.Add(userData);
        command.Options.Add(lifetime);
        command.Options.Add(file);
        var options = new RunOptions(command, duration: null);
        command.SetAction(parsed =>
        {
            using CommandRun run = options.Begin(parsed);
            string keyFile = parsed.GetValue(key)!;
            NetEndpoint[] addresses = parsed.GetValue(servers) ?? [];
            string? tokenFile = parsed.GetValue(file);
            if (addresses.Length > 0 != tokenFile is not null)
            {
                throw new MistakeException("a token needs both --server HOST:PORT and --out FILE; without both, only the key is made");
            }

            if (addresses.Any(address => address.Port == 0))
            {
                throw new MistakeException("--server: nobody can connect to port 0; write the port that the server prints");
            }

            ConnectTokenKey shared = TokenFiles.ReadOrCreateKey("--key", keyFile, out bool isNew);
            if (isNew)
            {
                run.Output.WriteLine($"new key: {keyFile}");
            }

            ulong number = parsed.GetValue(client) ?? (ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue);
            if (tokenFile is not null)
            {
                ConnectToken token = CreateToken(shared, addresses, number, parsed.GetValue(userData), parsed.GetValue(lifetime) ?? DefaultLifetime);
                TokenFiles.Write("--out", tokenFile, token.Bytes.Span);
                run.Output.WriteLine($"token of client {number}: {tokenFile}");
            }
            else if (!isNew)
            {
                run.Output.WriteLine($"key: {keyFile}");
            }

            run.Summarize(new TokenSummary(keyFile, isNew, tokenFile, tokenFile is null ? null : number), SummaryJson.Default.TokenSummary);
            return ExitCode.Success;
        });
        return command;
    }

    private static ConnectToken CreateToken(ConnectTokenKey key, NetEndpoint[] servers, ulong client, string? userData, TimeSpan lifetime)
    {
        try
        {
            return ConnectToken.Create(key, servers, client, Encoding.UTF8.GetBytes(userData ?? ""), lifetime);
        }
        catch (ArgumentException refusal)
        {
            throw new MistakeException(refusal switch
            {
                { ParamName: "lifetime" } => "--lifetime: a token is valid for 1s to 1h",
                { ParamName: "servers" } => "--server: write 1 to 32 IP addresses, such as 203.0.113.7:7777; a token has no room for names",
                _ => $"--user-data is longer than {ConnectToken.MaxUserDataBytes} bytes",
            });
        }
        catch (PlatformNotSupportedException refusal)
        {
            throw new MistakeException(refusal.Message);
        }
    }
}
