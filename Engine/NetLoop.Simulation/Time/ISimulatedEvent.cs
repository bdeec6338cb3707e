namespace NetLoop.Simulation;

/// <summary>Something to which a moment of virtual time matters.</summary>
internal interface ISimulatedEvent
{
    /// <summary>The moment has come.</summary>
    /// <param name="kind">As given to <see cref="EventQueue.Schedule"/>.</param>
    /// <param name="argument">As given to <see cref="EventQueue.Schedule"/>.</param>
    void OnEvent(int kind, long argument);
}
