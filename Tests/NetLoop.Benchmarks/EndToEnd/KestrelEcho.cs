using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>A plain echo as a connection handler of Kestrel: it copies bytes and does not decode messages.</summary>
internal static class KestrelEcho
{
    /// <summary>Serves until the process ends.</summary>
    /// <param name="certificate">Encrypts connections by TLS; null for plain ones.</param>
    public static async Task RunAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            if (certificate is not null)
            {
                listener.UseHttps(certificate);
            }

            listener.UseConnectionHandler<Handler>();
        }));
        WebApplication application = builder.Build();
        await using (application.ConfigureAwait(false))
        {
            await application.StartAsync().ConfigureAwait(false);
            var address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            await Console.Out.WriteLineAsync($"listening on {(certificate is null ? "tcp" : "tls")} {address.Host}:{address.Port}").ConfigureAwait(false);
            await application.WaitForShutdownAsync().ConfigureAwait(false);
        }
    }

    private sealed class Handler : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            try
            {
                ReadResult read;
                do
                {
                    read = await connection.Transport.Input.ReadAsync().ConfigureAwait(false);
                    foreach (ReadOnlyMemory<byte> segment in read.Buffer)
                    {
                        connection.Transport.Output.Write(segment.Span);
                    }

                    await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
                    connection.Transport.Input.AdvanceTo(read.Buffer.End);
                }
                while (!read.IsCompleted);
            }
            catch (ConnectionResetException)
            {
                // Load generators reset their connections.
            }
        }
    }
}
