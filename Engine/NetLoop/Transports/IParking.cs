namespace NetLoop.Transports;

/// <summary>Where connections that have nothing to do stand, so that their objects can serve others.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IParking
{
    /// <summary>Takes a connection up again.</summary>
    /// <param name="parked">As its owner was given it.</param>
    /// <param name="owner">That owner.</param>
    Connection Unpark(in ParkedConnection parked, IConnectionOwner owner);
}
