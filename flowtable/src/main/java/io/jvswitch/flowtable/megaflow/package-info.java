/**
 * Flow keys and masks, exact-match cache, megaflow classifier, priority classifier, MAC table.
 *
 * <h2>What a frame meets</h2>
 *
 * <pre>
 *   frame -> FlowExtractor -> FlowKey        of the words that there are TCP over IPv4 fills 7
 *                               |
 *                               v
 *   FlowTable    1. FlowCache         one probe, by the hash of all that any mask looks at
 *                2. SubtableRanking   one probe for each of the masks that are hit most,
 *                   SubtableFilters   then one hash for all masks that have much in common, and a probe where it points
 *                3. null              the caller translates (RuleTable where it needs priorities) and inserts
 * </pre>
 *
 * <p>A <em>megaflow</em> is a {@link io.jvswitch.flowtable.megaflow.Flow}: a mask, a key under that mask, what is done to its
 * frames, and counters. Its mask is what the translation of its first frame looked at, noted bit by bit by {@link
 * io.jvswitch.flowtable.key.FlowReader}. So every frame that agrees with it in the mask's bits would have been translated
 * alike, and megaflows need no priorities: of two that a frame matches, either is right. This is Open vSwitch's scheme
 * of tuple space search without priorities (Pfaff et al., "The Design and Implementation of Open vSwitch", NSDI 2015).
 *
 * <h2>Why this structure</h2>
 *
 * <p><b>Memory is what a look-up waits for.</b> Among a million flows a hit reads two cache lines of the cache's arrays
 * (tags and references) and two of the flow; each may come from DRAM. One frame alone would wait for three of them in
 * turn. So {@link io.jvswitch.flowtable.megaflow.FlowTable#lookup(io.jvswitch.flowtable.key.FlowKey[], int,
 * io.jvswitch.flowtable.megaflow.Flow[])} takes a burst and does each step for all frames before the next: hash and read the
 * sets; choose the places and read the flows; compare. The reads of a step depend on nothing of each other, and the
 * processor has many of them under way at once. Java has no prefetch instruction; a load whose value is stored
 * somewhere harmless is one. Huge pages keep the page walks out of it.
 *
 * <p><b>Nothing is compared twice.</b> A cache entry is a 32-bit tag and a reference. The tag has to fit before the
 * flow is touched, and then the frame is compared with the flow's own words under the flow's own mask, which settles
 * it: an entry that is stale or collides costs time, never a wrong verdict, so nothing has to be flushed when masks or
 * flows change.
 *
 * <p><b>Only the words that are there.</b> A mask is kept as the list of the words that it looks at. For masks of the
 * words that TCP and UDP over IPv4 have (six), and any four more, the six have fixed places, and hash and comparison
 * are straight code of loads, ands and multiplications; the four more (flags, tunnel id, tags, connection tracking, the
 * high halves of IPv6 addresses) cost an index each. Other masks go by a loop. The hash is keyed when the process
 * starts, so that no sender can choose frames that collide.
 *
 * <p><b>Many masks are asked at once.</b> Tuple space search costs a masked hash and a probe for each mask that does
 * not have the frame, and these come one after the other. Up to eight masks that is what is done. Beyond, masks that
 * share whole bytes share a {@link io.jvswitch.flowtable.megaflow.SubtableFilter filter}: an array of 64-bit maps, indexed by
 * one hash over the bytes that they share, where bit i says that the i-th of 64 masks may have such a flow. So a frame
 * pays one hash for each filter, eight at most and loads that overlap, and then probes the one or two masks that the
 * maps name. Masks that get an eighth of the hits or more, four at most, are still asked first. Insertion sets a bit;
 * deletion clears none, for another flow may need it, so maps wear and are now and then made anew, beside the old ones,
 * two seats of the roster for each insertion and one for each frame looked up. Only the owner uses filters. {@code
 * find} from other threads asks the masks one by one and stays as simple as its guarantee.
 *
 * <p><b>Masks are bounded.</b> Who sends frames chooses, within what the translation looks at, how many masks there
 * are, and each one costs memory and every miss a look (Csikor et al., "Tuple Space Explosion", CoNEXT 2019). There are
 * {@value io.jvswitch.flowtable.megaflow.MaskIndex#MAX_MASKS} at most. Beyond, a new flow takes the mask that is there, covers
 * its own, and looks at the least, or the one that looks at everything. Looking at more is always lawful: the flow
 * stands for fewer frames. A mask with few flows has a segment of 32 places instead of 256, and takes some 1 KB.
 *
 * <p><b>Scratch is numbers.</b> Between the steps of a burst only hashes and places (ints) are kept. A reference stored
 * into an old array costs a write barrier of the collector, which is a memory fence with G1, in the middle of the loads
 * that should overlap. One such store a frame remains: the answer.
 *
 * <h2>An entry</h2>
 *
 * <pre>
 *   Flow, 136 bytes (64-bit HotSpot, compressed references)
 *
 *     0        12     16     20     24                                        72        88
 *     | header | hash | seat | mask | w0     w1     w2     w3     w4     w5   | w6   w7 |
 *     |   12   |  4   |  4   |  4   | port   dst    src    proto  ip     ip   | any  two|
 *     |        |      |      |  ref | recirc type   vlan   ports  src    dst  | further |
 *     |&lt;----------- a look-up reads no further: 72 bytes, two cache lines ---------->|
 *
 *     88         96       104     112       120         128    132       136
 *     | lastUsed | frames | bytes | version | createdNs | more | actions |
 *     |&lt;---- the worker's count of a hit ----------->|
 *
 *   HashSegment, 256 places in 32 buckets of eight; an entry lies in one of two buckets
 *
 *     tags[b]   | t7 | t6 | t5 | t4 | t3 | t2 | t1 | t0 |   one long: eight tags compared at once
 *     slots     | r7 | r6 | r5 | r4 | r3 | r2 | r1 | r0 |   eight references
 *
 *   Roster      seat -> flow      4 bytes, and 4 for the list of free seats
 *   FlowCache   tag, reference    8 bytes a place, eight places a set
 * </pre>
 *
 * <p>w0 to w7 are drawn for masks of TCP and UDP over IPv4, of which w6 and w7 are the first two further words; two
 * more are in an array ({@code more}). Masks that look at more words than that have them in order, the ninth and
 * further ones in the array, which ends with the last that is not 0. <b>All in, an IPv4 TCP megaflow takes 181
 * bytes</b>: 136 the flow, some 12 its share of segments and directory, 8 the roster, 16 two places in the cache, and
 * slack. 256 is the limit that a test holds ({@code FlowTableMemoryTest}). Both the number of flows and of places in
 * the cache are bounded by the constructor.
 *
 * <h2>Growth, deletion, other threads</h2>
 *
 * <p>One thread owns a table. Any others may find, dump and count, wait-free, at full rate. Nothing ever stops for the
 * whole table: {@link io.jvswitch.flowtable.hash.HashDirectory} grows by splitting one segment of 256 places (extendible
 * hashing), and joins two that became nearly empty; ageing, revalidation and dumps walk the roster by seats in slices
 * of any size.
 *
 * <p><b>The guarantee.</b> {@link io.jvswitch.flowtable.megaflow.FlowTable#find} beside the owner is linearizable, for frames
 * that have one flow: it answers as if it had run at one moment between its call and its return. Of a frame with flows
 * under two masks, which may be as long as they say the same, it may miss both when one leaves while the other comes,
 * for it asks the masks one after the other. A flow that stays is never missed, whatever splits, joins or is inserted
 * around it. Insertion into a full table is two changes, an eviction and an insertion, and a reader may see the table
 * between them. A dump visits each flow that is there throughout exactly once. A flow's figures are each whole, and not
 * of one moment together. Lincheck's model checker and its stress runs hold the first of these, {@code
 * FlowTableReadersTest} all of them while a table fills, evicts, ages, revalidates and empties.
 *
 * <p><b>Memory is reclaimed by the garbage collector</b>, and by nothing else. Flows, segments and directories are
 * immutable in what readers navigate by (a segment's places change, but only between an element and none, tag last in
 * and first out), are replaced as a whole, and are never pooled or written for another purpose. So a reader that holds
 * an old one reads a true old state, there is no ABA, and no reader ever announces itself, as epochs or hazard pointers
 * would have it do on every look-up. The place and the seat of a removed flow are used again; what a reader finds there
 * it compares with the frame, so another flow is not mistaken for it. The owner's cache keeps a removed flow reachable
 * until the sweep that {@code expire} does passes its place.
 *
 * <h2>Under a flood</h2>
 *
 * <p>When every frame is a new flow, a full table evicts by lot among sixteen: first one that was not used again since
 * the burst it came with, else the one unused for longest. Flows of a flood are such; established ones are not. The
 * cache takes a new flow into a full set only one time in 32, so that what comes once seldom pushes out what comes
 * always.
 *
 * <h2>What was given up</h2>
 *
 * <ul>
 *   <li><b>Keys in one flat array</b> instead of objects: one cache line less at a million flows, but either 64 bytes
 *       more an entry, or readers of other threads that must detect that a slot changed under them. Objects make safe
 *       reclamation free.
 *   <li><b>A guarantee for a burst that holds one frame</b>: the steps' bookkeeping costs it some nanoseconds.
 *   <li><b>Wildcards in the cache</b>: frames that differ in a bit that any mask looks at have places of their own, so
 *       one mask that looks at, say, the TTL dilutes the cache for all.
 *   <li><b>Masks without a whole byte in common</b> have no filter: a frame whose mask ranks n-th among them costs n
 *       probes of some ten nanoseconds each. A decision tree would not have it, but could not be changed by one
 *       insertion in a bounded time.
 *   <li><b>Memory for time</b>: up to 2 MB of maps a table with many masks, and a store more for each insertion. Who
 *       sends flows that agree in all bytes that the masks share makes the maps name every mask, and is back at a probe
 *       each.
 *   <li><b>Wide megaflows at the limit of masks</b>: once 512 masks are there, a flow of another one stands for fewer
 *       frames than it could, and its insertion looks through all masks, some microseconds.
 *   <li><b>A narrow cache at once</b>: what no mask looks at any more is forgotten only after 64 look-ups for each
 *       taken place of the cache since the last change, so that a mask that comes and goes does not make the cache
 *       begin anew each time.
 *   <li><b>Collection of garbage</b>: a million new flows are 136 MB that the collector copies once.
 * </ul>
 */
@NullMarked
package io.jvswitch.flowtable.megaflow;

import org.jspecify.annotations.NullMarked;
