using System.Collections.Generic;

namespace NetLoop.Generators.Model;

/// <summary>A type argument of a generic contract.</summary>
/// <param name="Name">The type in C#.</param>
/// <param name="Wire">Its wire form.</param>
/// <param name="NullableWire">Its wire form where the contract has <c>T?</c>.</param>
internal sealed record WireArgument(string Name, string Wire, string NullableWire)
{
    public WireArgument Close(IReadOnlyList<WireArgument> arguments) =>
        new(WireTemplate.Close(Name, arguments), WireTemplate.Close(Wire, arguments), WireTemplate.Close(NullableWire, arguments));
}
