
namespace NetLoop.Messaging;

/// <summary>Runs the commands of other threads on the loop thread.</summary>
internal interface ICommandTarget
{
    /// <param name="item">What was asked; its lease now belongs to the target.</param>
    void OnCommand(in LoopCommand item);

    /// <summary>Whether it may be carried out in the middle of a handler of the same loop, as a send is. Application code may not.</summary>
    bool MayRunInsideHandler => true;
}
