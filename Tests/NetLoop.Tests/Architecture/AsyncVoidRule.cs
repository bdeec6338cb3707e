namespace NetLoop.Tests.Architecture;

/// <summary>No async method may return void: its exception would end the process.</summary>
internal static class AsyncVoidRule
{
    public static IEnumerable<string> Check(EngineSources sources) => sources.AsyncVoidFunctions()
        .Select(function => $"{function.Place}: async void; return a Task or a ValueTask, or an exception in it ends the process");
}
