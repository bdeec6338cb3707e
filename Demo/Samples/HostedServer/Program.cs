using HostedServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NetLoop;

// The server's options are in appsettings.json; the command line and the environment can change them:
// dotnet run -- --NetLoop:TickRate 30, or NetLoop__TickRate=30 dotnet run
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<ScoreStore>();
builder.Services.AddScoped<ScoreContext>();
builder.Services.AddNetLoop().AddModule<ScoreModule>();
builder.Services.AddHealthChecks().AddNetLoop();
await builder.Build().RunAsync();
