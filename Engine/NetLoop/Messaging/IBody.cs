namespace NetLoop.Messaging;

/// <summary>A body that can be written: one small struct for each shape, so that sending is written once and compiled for each.</summary>
internal interface IBody
{
    void Write(ref NetWriter writer);
}
