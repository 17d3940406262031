namespace Lb.Hocon.Tree;

/// <summary>A value as parsed: substitutions are still open.</summary>
internal abstract class Node(HoconOrigin origin)
{
    public HoconOrigin Origin => origin;

    /// <summary>Whether no value below this one in a field's stack can ever show.</summary>
    public virtual bool HidesLower => false;
}

internal sealed class ScalarNode(HoconValue value) : Node(value.Origin)
{
    public HoconValue Value => value;

    public override bool HidesLower => true;
}

internal sealed class ArrayNode(HoconOrigin origin, IReadOnlyList<Node> elements) : Node(origin)
{
    public IReadOnlyList<Node> Elements => elements;

    public override bool HidesLower => true;
}

/// <summary>The <c>+=</c> separator: one element more than what stands below.</summary>
internal sealed class AppendNode(HoconOrigin origin, Node element) : Node(origin)
{
    public Node Element => element;
}

/// <summary>Values side by side on one line.</summary>
internal sealed class ConcatNode(HoconOrigin origin, IReadOnlyList<Node> pieces) : Node(origin)
{
    public IReadOnlyList<Node> Pieces => pieces;
}

/// <summary>Whitespace between two pieces of a concatenation: kept between strings, dropped between objects or arrays.</summary>
internal sealed class BlankNode(HoconOrigin origin, string text) : Node(origin)
{
    public string Text => text;
}

/// <summary>A substitution.</summary>
internal sealed class ReferenceNode(HoconOrigin origin, string[] path, bool optional, IncludeScope? scope) : Node(origin)
{
    public string[] Path => path;

    public bool Optional => optional;

    /// <summary>The include that brought it in; null in the outermost source.</summary>
    public IncludeScope? Scope => scope;

    public override string ToString() => $"${{{(optional ? "?" : "")}{HoconPath.Render(path)}}}";
}

/// <summary>The path from the outermost root to where an included source hangs, and the scope of its includer.</summary>
internal sealed record IncludeScope(string[] Prefix, IncludeScope? Parent);
