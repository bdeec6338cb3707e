namespace NetLoop.Messaging;

/// <summary>
/// A body that can be written. There is one small struct for each shape, so that the sending code is written once and compiled for each shape.
/// </summary>
internal interface IBody
{
    void Write(ref NetWriter writer);
}
