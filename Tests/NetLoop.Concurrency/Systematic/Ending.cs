using Microsoft.Coyote.Rewriting;
using Microsoft.Coyote.Runtime;

namespace NetLoop.Concurrency;

/// <summary>Waits for tasks by polling them: their continuations may run on the thread pool, which Coyote does not control.</summary>
[SkipRewriting("Conditions are looked at between two steps, and must not be steps themselves.")]
internal sealed class Ending
{
    private readonly Task _task;

    private Ending(Task task) => _task = task;

    /// <summary>Waits until the task has completed, in any way.</summary>
    public static void Await(Task task) => Operation.PauseUntil(new Ending(task).IsCompleted);

    /// <summary>Waits for a result.</summary>
    public static T Of<T>(Task<T> task)
    {
        Await(task);
        return task.Result;
    }

    private bool IsCompleted() => _task.IsCompleted;
}
