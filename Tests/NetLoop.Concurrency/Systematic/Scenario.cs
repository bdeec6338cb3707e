using System.Reflection;

namespace NetLoop.Concurrency;

/// <summary>One scenario, by name.</summary>
/// <param name="Method">Of this assembly as it was compiled; what runs is the method of that name in the rewritten one.</param>
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
