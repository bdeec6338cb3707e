using System.Text.Json.Serialization;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.Classic;
using NetLoop.Demo.Client;
using NetLoop.Demo.Contracts;
using NetLoop.Demo.Contracts.TypeScript;
using NetLoop.Demo.Load;
using NetLoop.Demo.Port;
using NetLoop.Demo.Relay;
using NetLoop.Demo.Server;
using NetLoop.Demo.Showcase;
using NetLoop.Demo.Sim;
using NetLoop.Demo.Tokens;

namespace NetLoop.Demo.CommandLine;

/// <summary>Serializes summaries with code that is generated at compile time, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BotsSummary))]
[JsonSerializable(typeof(CertificateSummary))]
[JsonSerializable(typeof(ClassicSummary))]
[JsonSerializable(typeof(ClientSummary))]
[JsonSerializable(typeof(ContractsSummary))]
[JsonSerializable(typeof(DemoSummary))]
[JsonSerializable(typeof(LoadSummary))]
[JsonSerializable(typeof(PortSummary))]
[JsonSerializable(typeof(RelaySummary))]
[JsonSerializable(typeof(ServerSummary))]
[JsonSerializable(typeof(TokenSummary))]
[JsonSerializable(typeof(TypeScriptSummary))]
[JsonSerializable(typeof(SimSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
