namespace NetLoop.Transports;

/// <summary>Restores the connection objects of parked connections.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IParking
{
    /// <summary>Gives a parked connection an object again.</summary>
    /// <param name="parked">The value that the owner got when the connection was parked.</param>
    /// <param name="owner">That owner.</param>
    Connection Unpark(in ParkedConnection parked, IConnectionOwner owner);
}
