namespace NetLoop.Tests.Generators.Shapes;

/// <summary>All shapes. Those that work are in files by what is special about them.</summary>
internal static partial class ShapeTable
{
    // When it is asked for: the tables that it is made of are in other files.
    public static IReadOnlyList<Shape> Working => field ??=
    [
        .. Members, .. Accessors, .. Inheritance, .. Names, .. Nesting, .. Generics, .. Unions, .. SimpleTypes(), .. Collections(), .. Enums(), .. Defaults(),
        .. Attributes,
    ];

    private static Shape Works(string name, string source, string sample, string? wire = null) => new(name, source, sample, wire);

    private static Shape Fails(string name, string finding, string source) => new(name, source, null, null, finding);
}
