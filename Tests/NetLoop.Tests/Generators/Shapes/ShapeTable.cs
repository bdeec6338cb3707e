namespace NetLoop.Tests.Generators.Shapes;

/// <summary>All shapes. The valid ones are in files by their special feature.</summary>
internal static partial class ShapeTable
{
    // Evaluated on use, because the tables that it combines are in other files.
    public static IReadOnlyList<Shape> Working => field ??=
    [
        .. Members, .. Accessors, .. Inheritance, .. Names, .. Nesting, .. Generics, .. Unions, .. SimpleTypes(), .. Collections(), .. Enums(), .. Defaults(),
        .. Attributes,
    ];

    private static Shape Works(string name, string source, string sample, string? wire = null) => new(name, source, sample, wire);

    private static Shape Fails(string name, string finding, string source) => new(name, source, null, null, finding);
}
