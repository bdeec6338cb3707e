using System.Reflection;

namespace NetLoop.Concurrency;

/// <summary>One scenario and its name.</summary>
/// <param name="Method">The method in the original assembly; the method with this name in the rewritten assembly is run.</param>
internal sealed record Scenario(MethodInfo Method)
{
    public static readonly Scenario[] All =
    [
        .. from type in typeof(Scenario).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public)
           where method.GetCustomAttribute<ScenarioAttribute>() is not null
           select new Scenario(method),
    ];

    public string Name => Method.Name;

    public bool InterleavesFields => Method.GetCustomAttribute<ScenarioAttribute>()!.InterleavesFields;

    public Action In(Assembly rewritten) =>
        rewritten.GetType(Method.DeclaringType!.FullName!, throwOnError: true)!.GetMethod(Name)!.CreateDelegate<Action>();

    public override string ToString() => Name;
}
