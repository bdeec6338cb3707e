// dotnet run --project Demo/Samples/Lines     serves on 127.0.0.1:2323 until Ctrl+C; then: nc 127.0.0.1 2323

using Lines;
using NetLoop;

await using NetServer server = new KeyValueServer().Create(2323);
await server.RunAsync();
