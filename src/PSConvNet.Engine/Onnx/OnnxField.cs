namespace PSConvNet.Onnx;

/// <summary>The numbers of the fields that are written, as onnx.proto (IR version 8) gives them.</summary>
internal static class OnnxField
{
    public static class Model
    {
        public const int IrVersion = 1;
        public const int ProducerName = 2;
        public const int ProducerVersion = 3;
        public const int Description = 6;
        public const int Graph = 7;
        public const int OperatorSet = 8;
        public const int Metadata = 14;
    }

    public static class OperatorSet
    {
        public const int Domain = 1;
        public const int Version = 2;
    }

    public static class Entry
    {
        public const int Key = 1;
        public const int Value = 2;
    }

    public static class Graph
    {
        public const int Node = 1;
        public const int Name = 2;
        public const int Initializer = 5;
        public const int Input = 11;
        public const int Output = 12;
    }

    public static class Node
    {
        public const int Input = 1;
        public const int Output = 2;
        public const int Name = 3;
        public const int Operator = 4;
        public const int Attribute = 5;
    }

    public static class Attribute
    {
        public const int Name = 1;
        public const int Single = 2;
        public const int Integer = 3;
        public const int Integers = 8;
        public const int Type = 20;
    }

    public static class Tensor
    {
        public const int Dimension = 1;
        public const int ElementType = 2;
        public const int Name = 8;
        public const int RawData = 9;
    }

    public static class Value
    {
        public const int Name = 1;
        public const int Type = 2;
        public const int Description = 3;
    }

    public static class Type
    {
        public const int Tensor = 1;
        public const int ElementType = 1;
        public const int Shape = 2;
        public const int Dimension = 1;
        public const int DimensionSize = 1;
        public const int DimensionName = 2;
    }
}
