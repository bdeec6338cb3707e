using Mono.Cecil.Rocks;
using NetLoop.Mutations.Operators;

namespace NetLoop.Mutations.Places;

/// <summary>Finds all places of all operators, and applies changes.</summary>
internal static class PlaceFinder
{
    // No test can notice a wrong text in a log line or exception without comparing the text itself, and no test runs the portable stack on another system.
    private static readonly string[] LeftOutFolders = ["Stack/Portable"];
    private static readonly string[] LeftOutMethods = ["ToString", "GetHashCode", "PrintMembers", "Describe"];

    /// <summary>All places, in the order of the image.</summary>
    public static IReadOnlyList<Place> FindAll(EngineImage image)
    {
        List<Place> places = [];
        foreach ((string name, Mono.Cecil.MethodDefinition method) in image.Methods)
        {
            string file = EngineImage.FileOf(method);
            if (!IsLeftOut(file, method))
            {
                MethodCode code = new(method);
                places.AddRange(Changes(code).Select(found => At(name, file, code, found.Change, found.Ordinal)));
            }
        }

        return places;
    }

    /// <summary>Applies one change.</summary>
    /// <returns>The place as it is in this image; null if there is none.</returns>
    public static Place? Apply(EngineImage image, string id)
    {
        Place? place = Find(image, id);
        return place is not null && ApplyTo(MethodOf(image, id)!, id) ? place : null;
    }

    /// <summary>Finds one place; null if there is none.</summary>
    public static Place? Find(EngineImage image, string id)
    {
        if (Parse(id) is not { } parts || MethodOf(image, id) is not { } method)
        {
            return null;
        }

        MethodCode code = new(method);
        Change? change = ChangeOf(code, parts);
        return change is null ? null : At(parts.Method, EngineImage.FileOf(method), code, change, parts.Ordinal);
    }

    /// <summary>The method of a place; null if there is none.</summary>
    public static Mono.Cecil.MethodDefinition? MethodOf(EngineImage image, string id) =>
        Parse(id) is { } parts ? image.Methods.FirstOrDefault(known => known.Name == parts.Method).Method : null;

    /// <summary>Applies the change of a place to its method, or to a copy of it.</summary>
    /// <returns>Whether there is such a change.</returns>
    public static bool ApplyTo(Mono.Cecil.MethodDefinition method, string id)
    {
        Change? change = Parse(id) is { } parts ? ChangeOf(new MethodCode(method), parts) : null;
        if (change is null)
        {
            return false;
        }

        change.Apply();
        method.Body.OptimizeMacros();
        return true;
    }

    private static Change? ChangeOf(MethodCode code, (string Method, string Operator, int Ordinal) place) =>
        Changes(code).Where(found => found.Change.Operator == place.Operator && found.Ordinal == place.Ordinal).Select(found => found.Change).FirstOrDefault();

    private static (string Method, string Operator, int Ordinal)? Parse(string id)
    {
        int ordinalAt = id.LastIndexOf('/');
        int operatorAt = ordinalAt > 0 ? id.LastIndexOf('/', ordinalAt - 1) : -1;
        return operatorAt >= 0 && int.TryParse(id[(ordinalAt + 1)..], out int ordinal)
            ? (id[..operatorAt], id[(operatorAt + 1)..ordinalAt], ordinal)
            : null;
    }

    private static IEnumerable<(Change Change, int Ordinal)> Changes(MethodCode code)
    {
        Dictionary<string, int> counts = [];
        HashSet<int> logged = [.. code.Instructions.Where(Callees.IsLog).Select(code.PointOf)];
        foreach (IMutator mutator in Mutators.All)
        {
            foreach (Change change in mutator.Find(code).Where(change => code.PointOf(change.At) >= 0 && !logged.Contains(code.PointOf(change.At))).ToList())
            {
                int ordinal = counts.GetValueOrDefault(change.Operator);
                counts[change.Operator] = ordinal + 1;
                yield return (change, ordinal);
            }
        }
    }

    private static Place At(string name, string file, MethodCode code, Change change, int ordinal)
    {
        int point = code.PointOf(change.At);
        return new Place(name, change.Operator, ordinal, file, code.LineOf(point), point, change.Words);
    }

    private static bool IsLeftOut(string file, Mono.Cecil.MethodDefinition method) =>
        LeftOutFolders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)) || LeftOutMethods.Contains(method.Name)
        || file.EndsWith("Log.cs", StringComparison.Ordinal) && !file.EndsWith("LateTickLog.cs", StringComparison.Ordinal)
            || file.EndsWith("Exception.cs", StringComparison.Ordinal);
}
