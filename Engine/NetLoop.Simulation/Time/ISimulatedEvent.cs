namespace NetLoop.Simulation;

/// <summary>The receiver of events in virtual time.</summary>
internal interface ISimulatedEvent
{
    /// <summary>The time of the event has come.</summary>
    /// <param name="kind">The value given to <see cref="EventQueue.Schedule"/>.</param>
    /// <param name="argument">The value given to <see cref="EventQueue.Schedule"/>.</param>
    void OnEvent(int kind, long argument);
}
