using System.Collections.Generic;

namespace NetLoop.Generators.Model;

/// <summary>A type argument of a generic contract.</summary>
/// <param name="Name">As C# writes it.</param>
/// <param name="Wire">What it is on the wire.</param>
/// <param name="NullableWire">What it is on the wire where the contract has <c>T?</c>.</param>
internal sealed record WireArgument(string Name, string Wire, string NullableWire)
{
    public WireArgument Close(IReadOnlyList<WireArgument> arguments) =>
        new(WireTemplate.Close(Name, arguments), WireTemplate.Close(Wire, arguments), WireTemplate.Close(NullableWire, arguments));
}
