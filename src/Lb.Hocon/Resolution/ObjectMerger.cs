using Lb.Hocon.Tree;

namespace Lb.Hocon.Resolution;

/// <summary>
/// Merges objects from the lowest to the highest. Fields of literals put their layers on the stack of the merged
/// field, whose place they share, so that a self-reference sees the layers below. Fields that come through a
/// substitution have their place elsewhere and are linked.
/// </summary>
internal sealed class ObjectMerger
{
    /// <summary>A merged field weighs about as much memory as so many characters and nodes.</summary>
    private const int FieldWeight = 16;

    private readonly OrderedDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>What the merge has used up of the limit on resolution.</summary>
    public long Work { get; private set; }

    public void Add(ObjectNode literal)
    {
        foreach ((string key, List<Layer> layers) in literal.Fields)
        {
            Slot slot = _slots.TryGetValue(key, out Slot below)
                ? new Slot([.. below.AsLayers(), .. layers], null)
                : new Slot(layers, null);
            Put(key, slot);
        }
    }

    public void Add(ObjectShape substituted)
    {
        foreach ((string key, Cell cell) in substituted.Fields)
        {
            Slot slot = _slots.TryGetValue(key, out Slot below)
                ? new Slot([.. below.AsLayers(), Link(cell)], null)
                : new Slot(null, cell);
            Put(key, slot);
        }
    }

    public ObjectShape Finish(HoconOrigin origin)
    {
        var fields = new OrderedDictionary<string, Cell>(_slots.Count, StringComparer.Ordinal);
        foreach ((string key, Slot slot) in _slots)
        {
            fields.Add(key, slot.Linked ?? new Cell(slot.Layers!));
        }

        return new ObjectShape(origin, fields);
    }

    private static Layer Link(Cell cell) => new(default, new LinkNode(cell));

    private void Put(string key, Slot slot)
    {
        _slots[key] = slot;
        Work += FieldWeight + (slot.Layers?.Count ?? 0);
    }

    private readonly record struct Slot(IReadOnlyList<Layer>? Layers, Cell? Linked)
    {
        public IReadOnlyList<Layer> AsLayers() => Layers ?? [Link(Linked!)];
    }
}
