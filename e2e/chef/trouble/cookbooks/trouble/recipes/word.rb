# There is no such data bag.
data_bag_item('words', 'last')
