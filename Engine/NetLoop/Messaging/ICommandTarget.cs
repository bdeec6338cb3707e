
namespace NetLoop.Messaging;

/// <summary>Runs the commands of other threads on the loop thread.</summary>
internal interface ICommandTarget
{
    /// <param name="item">The command; its lease now belongs to the target.</param>
    void OnCommand(in LoopCommand item);

    /// <summary>Whether the command may run in the middle of a handler of the same loop, as a send may. Application code may not.</summary>
    bool MayRunInsideHandler => true;
}
