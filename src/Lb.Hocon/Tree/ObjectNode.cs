namespace Lb.Hocon.Tree;

/// <summary>One assignment in a field's stack.</summary>
internal readonly record struct Layer(HoconOrigin KeyOrigin, Node Node);

/// <summary>
/// An object as parsed. A field is a stack of assignments, the latest on top: what a substitution below the top
/// evaluates to decides only at resolution whether objects merge across it.
/// </summary>
internal sealed class ObjectNode(HoconOrigin origin) : Node(origin)
{
    private readonly OrderedDictionary<string, List<Layer>> _fields = new(StringComparer.Ordinal);

    public OrderedDictionary<string, List<Layer>> Fields => _fields;

    public void Add(string key, Layer layer)
    {
        if (!_fields.TryGetValue(key, out List<Layer>? stack))
        {
            _fields.Add(key, stack = new List<Layer>(1));
        }

        if (layer.Node.HidesLower)
        {
            stack.Clear();
        }
        else if (layer.Node is ObjectNode incoming && stack is [.., { Node: ObjectNode top }])
        {
            top.MergeFrom(incoming);
            return;
        }

        stack.Add(layer);
    }

    /// <summary>Adds a value at a path, creating the objects on the way.</summary>
    public void Add(ReadOnlySpan<string> path, Layer layer)
    {
        ObjectNode target = this;
        foreach (string key in path[..^1])
        {
            if (!target._fields.TryGetValue(key, out List<Layer>? stack) || stack is not [.., { Node: ObjectNode next }])
            {
                next = new ObjectNode(layer.KeyOrigin);
                target.Add(key, new Layer(layer.KeyOrigin, next));
            }

            target = next;
        }

        target.Add(path[^1], layer);
    }

    /// <summary>Adds all fields of another object, which must not be used any more.</summary>
    public void MergeFrom(ObjectNode other)
    {
        foreach ((string key, List<Layer> stack) in other._fields)
        {
            foreach (Layer layer in stack)
            {
                Add(key, layer);
            }
        }
    }
}
