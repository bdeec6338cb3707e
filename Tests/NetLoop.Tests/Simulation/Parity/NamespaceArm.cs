using System.Runtime.Versioning;
using NetLoop.Tests.Stack.Linux;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>The real kernel, where the hosts are two network namespaces with a cable between them. For scripts of datagrams that name no address.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NamespaceArm(Namespaces namespaces) : KernelArm(
    TimeSpan.FromSeconds(5), new NamespaceStack(namespaces.Near, Namespaces.NearAddress), new NamespaceStack(namespaces.Far, Namespaces.FarAddress));
