namespace NetLoop.Transports;

/// <summary>Gives connection objects back to parked connections.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IParking
{
    /// <summary>Gives a parked connection an object again.</summary>
    /// <param name="parked">What its owner was given when it was parked.</param>
    /// <param name="owner">That owner.</param>
    Connection Unpark(in ParkedConnection parked, IConnectionOwner owner);
}
