using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Model;

/// <summary>A finding, to be reported once the pipeline has reached its end.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        new(descriptor, LocationInfo.Of(location), new([.. arguments]));

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location?.ToLocation(), [.. Arguments.Cast<object>()]);
}
